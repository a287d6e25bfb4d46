import type { InputHTMLAttributes } from 'react';

/** Where the number of the authenticator is typed; the password manager and the phone's keyboard know it as such. */
export function TotpInput(props: InputHTMLAttributes<HTMLInputElement>) {
  return <input id="totp" name="totp" inputMode="numeric" autoComplete="one-time-code" size={8} maxLength={12} {...props} />;
}
