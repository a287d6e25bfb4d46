import type { Section } from './section';

/** Signing in, one's own account, and who works here. */
export const staff = {
  'signin.title': ['サインイン', 'Sign in'],
  'signin.login': ['ログイン名', 'Login'],
  'signin.password': ['パスワード', 'Password'],
  'signin.press': ['サインインする', 'Sign in'],
  'signin.wrong': [
    'サインインできませんでした。ログイン名、パスワード、番号のどれかが違います。番号は一度しか使えないため、新しい番号が出るのを待って入力してください。',
    'You could not be signed in. The login, the password or the number is not right. Each number works once: wait for the next one.',
  ],
  'signin.tooMany': [
    '試みが多すぎます。約{{minutes}}分後にもう一度お試しください。以前サインインした端末とパスキーは、いまも使えます。',
    'Too many tries. Please try again in about {{minutes}} min. A device on which you signed in before, and your passkey, still work now.',
  ],
  'signin.lost': [
    'パスワードや認証アプリをなくしたときは、管理者に新しい招待を依頼してください。',
    'If you have lost your password or your authenticator app, ask an administrator for a new invitation.',
  ],
} as const satisfies Section;
