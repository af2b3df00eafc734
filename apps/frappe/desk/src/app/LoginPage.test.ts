import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseBoot } from '@/core/boot';
import { settle } from '../../tests/support';
import { FakeSite } from '../../tests/fake/site';
import { chosenLanguage } from './language';
import LoginPage from './LoginPage.vue';
import PasswordPage from './PasswordPage.vue';
import ReLogin from './ReLogin.vue';

let site: FakeSite;
const assign = vi.fn();

beforeEach(() => {
  site = new FakeSite();
  site.user = 'Guest';
  globalThis.fetch = site.fetch;
  vi.stubGlobal('location', { search: '?redirect-to=/app/sku', assign, pathname: '/login', origin: 'http://x' });
  assign.mockClear();
});
afterEach(() => vi.unstubAllGlobals());

async function logIn(pwd: string): Promise<ReturnType<typeof mount>> {
  const wrapper = mount(LoginPage, { props: { boot: parseBoot(site.boot()) }, attachTo: document.body });
  await wrapper.get('#usr').setValue('Administrator');
  await wrapper.get('#pwd').setValue(pwd);
  await wrapper.get('form').trigger('submit');
  await settle();
  return wrapper;
}

describe('the login page', () => {
  it('leads back to where one wanted to go', async () => {
    await logIn('admin');
    expect(assign).toHaveBeenCalledWith('/app/sku');
  });

  it('never leads to another site', async () => {
    vi.stubGlobal('location', { search: '?redirect-to=https://evil.example', assign, pathname: '/login' });
    await logIn('admin');
    expect(assign).toHaveBeenCalledWith('/app');
  });

  it('says what is wrong, without saying whether the name or the password is', async () => {
    const wrapper = await logIn('nonsense');
    expect(wrapper.get('[role=alert]').text()).toBe('The user name or the password is wrong.');
    expect(assign).not.toHaveBeenCalled();
  });

  it('asks for a code when the server wants one', async () => {
    const handle = site.handle.bind(site);
    site.handle = (method, parameters) => parameters.otp ? { status: 200, body: { message: 'Logged In', otp: parameters.otp } } : method === 'login' ? { status: 200, body: { message: 'x', verification: { prompt: 'Look at your phone' }, tmp_id: 'T1' } } : handle(method, parameters);
    const wrapper = await logIn('admin');
    expect(wrapper.get('label[for=otp]').text()).toBe('Look at your phone');
    await wrapper.get('#otp').setValue('123456');
    await wrapper.get('form').trigger('submit');
    await settle();
    expect(assign).toHaveBeenCalledWith('/app/sku');
  });

  it('changes its language on the spot and remembers it', async () => {
    const wrapper = mount(LoginPage, { props: { boot: parseBoot(site.boot()) }, attachTo: document.body });
    await wrapper.get('[lang="zh-CN"]').trigger('click');
    await vi.waitFor(() => expect(wrapper.get('label[for=usr]').text()).toBe('用户名或邮箱'));
    expect(chosenLanguage(parseBoot(site.boot()), document.cookie)).toBe('zh');
  });

  it('tells a user without access so', async () => {
    site.handle = () => ({ status: 200, body: { message: 'No App' } });
    expect((await logIn('admin')).text()).toContain('no access to the desk');
  });
});

describe('the password asked again', () => {
  it('ends with a session, or stays until there is one', async () => {
    const done = vi.fn();
    const wrapper = mount(ReLogin, { props: { user: 'Administrator', onDone: done }, attachTo: document.body });
    const submit = async (pwd: string): Promise<void> => {
      await wrapper.get('input').setValue(pwd);
      await wrapper.get('form').trigger('submit');
      await settle();
    };
    await submit('wrong');
    expect(wrapper.get('[role=alert]').text()).toBe('The password is wrong.');
    expect(done).not.toHaveBeenCalled();
    await submit('admin');
    expect(done).toHaveBeenCalledOnce();
  });
});

describe('a link by mail', () => {
  const show = (changes: Record<string, unknown>): ReturnType<typeof mount> => mount(LoginPage, { props: { boot: { ...parseBoot(site.boot()), ...changes } }, attachTo: document.body });
  const press = async (wrapper: ReturnType<typeof mount>, text: string): Promise<void> => {
    await wrapper.findAll('button').find((button) => button.text() === text)!.trigger('click');
    await settle();
  };

  it('is offered only where the site allows it', async () => {
    expect(show({}).text()).not.toContain('link');
    const wrapper = show({ login_with_email_link: 1 });
    await press(wrapper, 'Log in by a link in a mail');
    expect(wrapper.find('#pwd').exists()).toBe(false);
    site.extra['frappe.www.login.send_login_link'] = () => null;
    await wrapper.get('#usr').setValue(' he@example.com ');
    await wrapper.get('form').trigger('submit');
    await settle();
    expect(site.calls.at(-1)).toMatchObject({ method: 'frappe.www.login.send_login_link', parameters: { email: 'he@example.com' } });
    expect(wrapper.get('[role=status]').text()).toBe('If he@example.com belongs to a user, a mail with a link is on its way.');
  });

  it('is the only way where passwords do not count', () => {
    const wrapper = show({ login_with_email_link: 1, disable_user_pass_login: 1 });
    expect(wrapper.find('#pwd').exists()).toBe(false);
    expect(wrapper.text()).not.toContain('password');
  });

  it('stands beside other servers that the site knows, which lead back to where one wanted to go', () => {
    const social_logins = [{ name: 'works', label: 'Works ID' }];
    const link = show({ social_logins }).get('a.elsewhere');
    expect(link.text()).toBe('Sign in by Works ID');
    expect(link.attributes('href')).toBe('/api/method/frappe.integrations.oauth2_logins.begin?provider=works&redirect_to=%2Fapp%2Fsku');
    const only = show({ social_logins, disable_user_pass_login: 1 });
    expect(only.findAll('input, button[type=submit], a.elsewhere').map((element) => element.element.tagName)).toEqual(['A']);
  });

  it('sets a forgotten password, where the site sends mails', async () => {
    expect(show({}).text()).not.toContain('Forgot');
    const wrapper = show({ can_reset_password: 1 });
    await press(wrapper, 'Forgot the password?');
    site.extra['frappe.core.doctype.user.user.reset_password'] = () => null;
    await wrapper.get('#usr').setValue('he@example.com');
    await wrapper.get('form').trigger('submit');
    await settle();
    expect(site.calls.at(-1)).toMatchObject({ method: 'frappe.core.doctype.user.user.reset_password', parameters: { user: 'he@example.com' } });
  });
});

describe('the page for a new password', () => {
  async function set(search: string, ...passwords: string[]): Promise<ReturnType<typeof mount>> {
    vi.stubGlobal('location', { search, assign, pathname: '/update-password', origin: 'http://x' });
    const wrapper = mount(PasswordPage, { props: { boot: parseBoot(site.boot()) }, attachTo: document.body });
    for (const [index, input] of wrapper.findAll('input').entries()) await input.setValue(passwords[index]);
    await wrapper.get('form').trigger('submit');
    await settle();
    return wrapper;
  }

  it('sends the key of the link and goes where the server says', async () => {
    site.extra['frappe.core.doctype.user.user.update_password'] = () => '/app';
    await set('?key=k1', 'Long-enough-1', 'Long-enough-1');
    expect(site.calls.at(-1)!.parameters).toMatchObject({ key: 'k1', new_password: 'Long-enough-1' });
    expect(assign).toHaveBeenCalledWith('/app');
  });

  it('asks twice, and sends nothing when the two differ', async () => {
    const wrapper = await set('?key=k1', 'Long-enough-1', 'Long-enough-2');
    expect(wrapper.get('[role=alert]').text()).toBe('The two passwords differ.');
    expect(site.calls).toEqual([]);
  });

  it('asks for nothing without a key and without a session', async () => {
    expect((await set('')).findAll('input')).toEqual([]);
  });
});
