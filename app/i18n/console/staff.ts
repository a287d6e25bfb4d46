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
  'signin.passkey': ['パスキーでサインインする', 'Sign in with a passkey'],
  'signin.or': ['または、ログイン名とパスワードで', 'or with login and password'],
  'signin.passkeyFailed': [
    'パスキーを使えませんでした。もう一度押すか、下のログイン名とパスワードを使ってください。',
    'The passkey did not answer. Press again, or use your login and password below.',
  ],
  'signin.passkeyWrong': [
    'このパスキーではサインインできませんでした。もう一度押すか、ログイン名とパスワードを使ってください。',
    'You could not be signed in with this passkey. Press again, or use your login and password.',
  ],
  'signin.lost': [
    'パスワードや認証アプリをなくしたときは、管理者に新しい招待を依頼してください。',
    'If you have lost your password or your authenticator app, ask an administrator for a new invitation.',
  ],

  'invite.title': ['はじめての設定', 'Set up your sign-in'],
  'invite.for': ['{{name}} さん（{{role}}）', '{{name}} ({{role}})'],
  'invite.until': ['このリンクは {{moment}} まで使えます。', 'This link works until {{moment}}.'],
  'invite.passkeyTitle': ['パスキーで（おすすめ）', 'With a passkey (recommended)'],
  'invite.passkeyWhat': [
    '指紋、顔、または端末の暗証番号でサインインします。覚えるものはありません。',
    'You sign in by fingerprint, face or the PIN of your device. There is nothing to remember.',
  ],
  'invite.passkeyPress': ['パスキーを登録する', 'Register a passkey'],
  'invite.passkeyWrong': [
    'パスキーを登録できませんでした。もう一度お試しください。',
    'The passkey could not be registered. Please try again.',
  ],
  'invite.passwordTitle': ['パスワードと認証アプリで', 'With a password and an authenticator app'],
  'invite.passwordPress': ['パスワードを決めて次へ', 'Set the password and go on'],
  'invite.totpTitle': ['認証アプリを登録する（2/2）', 'Register the authenticator app (2 of 2)'],
  'invite.totpWhat': [
    '認証アプリでこのQRコードを読み取り、表示された6桁の番号を入力してください。',
    'Read this QR code with your authenticator app and enter the six digits it shows.',
  ],
  'invite.totpPress': ['確認してはじめる', 'Confirm and begin'],
  'invite.totpWrong': [
    '番号が違います。アプリに新しい番号が出るのを待って入力してください。端末の時計が合っているかも確かめてください。',
    'The number is not right. Wait for the next one, and check that the clock of your device is right.',
  ],
  'invite.otherPassword': ['パスワードを決め直す', 'Choose another password'],
  'invite.gone.title': ['このリンクは使えません', 'This link does not work'],
  'invite.gone.what': [
    '期限が過ぎたか、すでに使われたか、新しい招待に置き換わっています。管理者に新しい招待を依頼してください。',
    'It has expired, was used already or was replaced by a newer one. Ask an administrator for a new invitation.',
  ],
  'totp.qr': ['認証アプリで読み取るQRコード', 'QR code for your authenticator app'],
  'totp.secret': ['読み取れないときは、このキーを入力してください', 'If it cannot be read, enter this key'],

  'password.new': ['新しいパスワード', 'New password'],
  'password.again': ['もう一度', 'Once more'],
  'password.rule': [
    '12文字以上。名前やログイン名、よくある言葉は使えません。いくつかの言葉をつなげると覚えやすくなります。',
    'At least 12 characters, not your name or login and nothing common. Several words in a row are easy to remember.',
  ],
  'password.too_short': ['12文字以上にしてください。', 'Use at least 12 characters.'],
  'password.too_long': ['128文字以内にしてください。', 'Use at most 128 characters.'],
  'password.personal': [
    '名前やログイン名が含まれています。別のものにしてください。',
    'It contains your name or login. Choose another one.',
  ],
  'password.common': ['推測されやすいパスワードです。別のものにしてください。', 'It is easy to guess. Choose another one.'],
  'password.unreadable': ['使えない文字が含まれています。', 'It contains characters that cannot be used.'],
  'password.mismatch': ['2回の入力が一致しません。', 'The two entries are not the same.'],

  'passkey.label': ['名前（例：会社のノートPC）', 'Name (for example: office laptop)'],
  'passkey.defaultLabel': ['パスキー', 'Passkey'],
} as const satisfies Section;
