/** Calls for the login page and the dialog that asks for the password again. Nothing is repeated by itself here. */
import { ApiClient } from '@/core/api/client';

export interface LoginAnswer { message?: string; home_page?: string; redirect_to?: string; verification?: { method?: string; prompt?: string }; tmp_id?: string }

/** Logs in; with a second factor the answer asks for a code. */
export async function login(fields: Record<string, string>): Promise<LoginAnswer> {
  const api = new ApiClient({ fetch: (...args) => fetch(...args), csrfToken: () => '' });
  return (await api.post('login', fields, { once: true, quiet: true })) as LoginAnswer;
}
