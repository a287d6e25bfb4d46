/** What one is called at sign-in, however it was typed; null when nobody can be called that. Pure. */
export function readLogin(text: string | null): string | null {
  const login = (text ?? '').slice(0, 200).normalize('NFKC').trim().toLowerCase();
  return /^[a-z0-9][a-z0-9._-]{1,39}$/.test(login) ? login : null;
}
