import type { PasswordProblem } from '../domain/password';
import type { Form } from './form';

/** What can be wrong with a new password that was typed twice. */
export type NewPasswordProblem = PasswordProblem | 'unreadable' | 'mismatch';

/** A new password out of a form, typed twice. */
export function readNewPassword(form: Form): { password: string } | { problem: NewPasswordProblem } {
  const [password, again] = [form.one('password'), form.one('password_again')];
  if (password === null || again === null) return { problem: 'unreadable' };
  return password === again ? { password } : { problem: 'mismatch' };
}
