import { describe, expect, it } from 'vitest';
import { detailWords } from '~/components/console/audit-words';
import { purposeText } from '~/components/console/reason-text';
import { MESSAGE_PURPOSES } from '~/domain/message';
import { consoleTextsIn } from '~/i18n/console/texts';

const t = consoleTextsIn('ja');

describe('what is kept as a short name is shown in words', () => {
  it.each(MESSAGE_PURPOSES)('a message for %s', (purpose) => {
    expect(purposeText(t, purpose)).toMatch(/^[ぁ-んァ-ヶ一-龠（）]+$/);
  });

  it('the kinds of facts that somebody was searched by', () => {
    const shown = detailWords(t, { kinds: 'number,mail,phone,name', hits: 1 }, { act: 'recipient.search', seesPeople: true });
    expect(shown[0]).toEqual(['手がかりの種類', '番号・メール・電話・氏名（カナ）']);
  });
});
