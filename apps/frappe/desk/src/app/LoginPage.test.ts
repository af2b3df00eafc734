import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseBoot } from '@/core/boot';
import { settle } from '../../tests/support';
import { FakeSite } from '../../tests/fake/site';
import { chosenLanguage } from './language';
import LoginPage from './LoginPage.vue';
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
