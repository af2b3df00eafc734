/** Calls for the login page and the dialog that asks for the password again. Nothing is repeated by itself here. */
import { ApiClient } from '@/core/api/client';

export interface LoginAnswer { message?: string; home_page?: string; redirect_to?: string; verification?: { method?: string; prompt?: string }; tmp_id?: string }

/** Logs in; with a second factor the answer asks for a code. */
export function login(fields: Record<string, string>): Promise<LoginAnswer> {
  return guestCall('login', fields);
}

/** Calls a function that guests may call; `token` is that of a session, where there is one. */
export async function guestCall(method: string, fields: Record<string, string>, token = ''): Promise<LoginAnswer> {
  const api = new ApiClient({ fetch: (...args) => fetch(...args), csrfToken: () => token });
  return (await api.post(method, fields, { once: true, quiet: true })) as LoginAnswer;
}
