import type { Section } from './section';

/** Finding a person. */
export const find = {
  'find.fact': ['番号・電話・メール・氏名・カナ', 'Number, phone, mail, name or kana'],
  'find.second': ['もう1つの手がかり', 'Another fact'],
  'find.optional': ['（任意）', '(optional)'],
  'find.press': ['さがす', 'Find'],
  'find.hint': [
    '番号は、付与番号・お問合せ番号・受付番号のどれでも。途中まででもさがせます（電話は5桁以上か下4桁、番号は4文字以上）。全角・半角、ひらがな・カタカナ、ハイフンや空白の違いは問いません。申請だけで付与がまだの方は、電話・メール・氏名・お問合せ番号の全部か、受付番号（10桁）でさがせます。',
    'The number may be a grant, inquiry or reference number. A beginning is enough (5 digits of a phone number or its last 4, 4 characters of a number). Width, case, kana, hyphens and spaces do not matter. Applicants without a grant are found by a whole fact, or by the reference number (10 digits).',
  ],
  'find.hintStrict': [
    'お電話の方から、種類の違う2つ（例：電話番号とお名前）をうかがって入力してください。1人に決まると、その方の画面が開きます。申請の受付番号（10桁）は、それだけでさがせます。',
    'Ask the caller for two facts of different kinds, such as phone number and name. When they fit exactly one person, that page opens. The reference number of a claim (10 digits) is enough by itself.',
  ],
  'find.problem.missing': ['さがす手がかりを入力してください', 'Please type a fact to search by'],
  'find.problem.unreadable': [
    'この内容ではさがせません。もう少し長く入力してください',
    'Nobody can be found by this. Please type a little more',
  ],
  'find.problem.second_missing': ['もう1つ、種類の違う手がかりを入力してください', 'Please type another fact, of a different kind'],
  'find.problem.second_unreadable': [
    'この内容ではさがせません。もう少し長く入力してください',
    'Nobody can be found by this. Please type a little more',
  ],
  'find.problem.same_kind': [
    '同じ種類の手がかりです。電話・メール・氏名（カナ）・番号のうち、別の種類を入力してください',
    'Both facts are of the same kind. Of phone, mail, name (or kana) and number, use another kind',
  ],
  'find.nobody': ['見つかりません。2つの手がかりをもう一度お確かめください。', 'Nobody was found. Please check the two facts.'],
  'find.nobodyOne': ['見つかりません。入力した内容をお確かめください。', 'Nobody was found. Please check what you typed.'],
  'find.many': [
    '2人以上が当てはまります。もう1つうかがい、より長い手がかり（付与番号や電話番号の全部など）でさがしてください。',
    'More than one person fits. Ask for one more fact and search by a longer one, such as the grant number or the whole phone number.',
  ],
  'find.unfiled_other': [
    '取り込んだばかりの{{count}}人は、まだ途中までの手がかりではさがせません（番号や電話番号の全部では、さがせます）。',
    '{{count}} people who were just imported cannot be found by a part of a fact yet; the whole number or address works.',
    '{{count}} person who was just imported cannot be found by a part of a fact yet; the whole number or address works.',
  ],
  'find.all_other': ['{{count}}件', '{{count}} found', '{{count}} found'],
  'find.some_other': ['{{count}}件を表示（続きがあります）', '{{count}} shown; there are more', '{{count}} shown; there are more'],
  'find.claims_other': ['申請（付与はまだ）{{count}}件', '{{count}} claims without a grant', '{{count}} claim without a grant'],
  'find.tooMany': [
    '当てはまる人が多すぎるため、一部だけを表示しています。この中にいるとは限りません。もう1つの手がかりを加えるか、より長く入力してください。',
    'Too many people fit, so only some of them are shown; the right one may not be among them. Add another fact, or type more of this one.',
  ],
  'find.number': ['付与番号', 'Number'],
  'find.campaign': ['事業', 'Programme'],
  'find.state': ['状態', 'State'],
} as const satisfies Section;
