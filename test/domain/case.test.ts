import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASE_ARROWS, CASE_STATES, type CaseState, caseDue, caseSettingsOf, mayCaseGo } from '~/domain/case';
import { type CaseFacts, compareSaid, owedYen, proposeDecision } from '~/domain/case-decision';
import { CALL_FIELDS, readCall, readStory, type TypedCall, type TypedStory } from '~/domain/case-form';

const payment = { number: 'P1', yen: 700n, entered: true, givenBack: false };
const ready: CaseFacts = {
  kind: 'unanswered',
  identified: true,
  agrees: { number: true, valid: true, prefecture: true, shop: true },
  payments: [payment],
  suspicious: true,
  shopAnswer: 'agrees',
  cutOff: false,
};

describe('the states of a case', () => {
  it.each(CASE_STATES.flatMap((from) => CASE_STATES.map((to) => [from, to] as const)))(
    '%s to %s only where there is an arrow',
    (from, to) => {
      expect(mayCaseGo(from, to)).toBe((CASE_ARROWS[from] as readonly CaseState[]).includes(to));
    },
  );

  it('lead to the end from everywhere, and never into it twice', () => {
    for (const state of CASE_STATES) {
      const seen = new Set<CaseState>([state]);
      for (const each of seen) for (const next of CASE_ARROWS[each]) seen.add(next);
      expect(seen.has('done')).toBe(true);
    }
    expect(CASE_ARROWS.done).toEqual([]);
  });
});

describe('what the rule proposes', () => {
  it.each<[string, Partial<CaseFacts>, object]>([
    ['all that is needed agrees', {}, { kind: 'approve', outcome: 'put_back', yen: 700n }],
    ['the cut-off has begun', { cutOff: true }, { kind: 'approve', outcome: 'granted', yen: 700n }],
    [
      'the number is not in the register',
      { agrees: compareSaid({ validOn: '2023-02-24', prefecture: '熊本県', shop: '店' }, null) },
      { kind: 'ask_more', what: 'number' },
    ],
    ['nobody knows who calls', { identified: false }, { kind: 'ask_more', what: 'identity' }],
    ['no payment was chosen, though some look wrong', { payments: [] }, { kind: 'ask_more', what: 'payments' }],
    ['no payment was chosen and none looks wrong', { payments: [], suspicious: false }, { kind: 'refuse', reason: 'nothing_taken' }],
    [
      'nothing looks wrong, but it is something else',
      { payments: [], suspicious: false, kind: 'other' },
      { kind: 'ask_more', what: 'payments' },
    ],
    ['all came back already', { payments: [{ ...payment, givenBack: true }] }, { kind: 'refuse', reason: 'already_given_back' }],
    ['nothing was taken', { payments: [{ ...payment, entered: false }] }, { kind: 'refuse', reason: 'nothing_taken' }],
    ['the shop says otherwise', { shopAnswer: 'differs' }, { kind: 'refuse', reason: 'shop_differs' }],
    ['the shop was not asked', { shopAnswer: null }, { kind: 'ask_shop' }],
    ['the shop has no record', { shopAnswer: 'no_record' }, { kind: 'ask_more', what: 'shop_no_record' }],
    ['one of the four things differs', { agrees: { ...ready.agrees, shop: false } }, { kind: 'ask_more', what: 'differs' }],
  ])('when %s', (_, facts, proposal) => {
    expect(proposeDecision({ ...ready, ...facts })).toEqual(proposal);
  });

  it('is never more than what was taken and not given back', () => {
    const payments = fc.array(
      fc.record({ number: fc.string(), yen: fc.bigInt({ min: 1n, max: 99_999n }), entered: fc.boolean(), givenBack: fc.boolean() }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(payments, fc.boolean(), (all, cutOff) => {
        const owed = owedYen(all);
        expect(owed).toBe(all.reduce((sum, { yen, entered, givenBack }) => (entered && !givenBack ? sum + yen : sum), 0n));
        const proposal = proposeDecision({ ...ready, payments: all, cutOff });
        if (proposal.kind === 'approve') expect([proposal.yen, proposal.yen > 0n]).toEqual([owed, true]);
        else expect(proposal.kind).toBe('refuse');
      }),
    );
  });
});

describe('what was said against the register', () => {
  const known = { validUntil: new Date('2023-02-25T00:00:00+09:00'), prefecture: '熊本県', shops: ['馬刺し横丁 本店'] };
  it('is the same in other writing', () => {
    expect(compareSaid({ validOn: '2023-02-24', prefecture: '熊本', shop: '馬刺し横丁' }, known)).toEqual({
      number: true,
      valid: true,
      prefecture: true,
      shop: true,
    });
  });
  it('differs thing by thing', () => {
    expect(compareSaid({ validOn: '2023-02-25', prefecture: '大分県', shop: '別の店' }, known)).toEqual({
      number: true,
      valid: false,
      prefecture: false,
      shop: false,
    });
  });
});

describe('until when a state is to be left', () => {
  const settings = caseSettingsOf(null);
  it.each<[CaseState, string, string]>([
    ['received', '2023-02-27T10:00:00+09:00', '2023-02-28T18:00:00+09:00'],
    ['received', '2023-02-24T17:59:59+09:00', '2023-02-27T18:00:00+09:00'],
    ['received', '2023-02-24T18:00:00+09:00', '2023-02-28T18:00:00+09:00'],
    ['asking_shop', '2023-02-27T10:00:00+09:00', '2023-03-06T18:00:00+09:00'],
    ['checking', '2023-03-04T12:00:00+09:00', '2023-03-08T18:00:00+09:00'],
  ])('%s at %s: %s', (state, now, due) => {
    expect(caseDue(state, new Date(now), settings)).toEqual(new Date(due));
  });
  it('is never, when it is the last', () => {
    expect(caseDue('done', new Date(), settings)).toBeNull();
  });
});

describe('a call', () => {
  const typed: TypedCall = {
    name: '山田　太郎',
    phone: '０９０－１２３４－５６７８',
    mail: '',
    number: '４３７０－１２３４－ABCD',
    valid: '2023年2月24日',
    prefecture: '熊本県',
    shop: '馬刺し横丁',
  };
  it('is put right: width, hyphens, the written day', () => {
    expect(readCall(typed)).toEqual({
      ok: true,
      call: {
        name: '山田 太郎',
        phone: '+819012345678',
        mail: null,
        number: '43701234ABCD',
        validOn: '2023-02-24',
        prefecture: '熊本県',
        shop: '馬刺し横丁',
      },
    });
  });
  it.each([
    ['令和5年2月24日', '2023-02-24'],
    ['Ｒ５．２．２４', '2023-02-24'],
    ['令和元年12月1日', '2019-12-01'],
    ['2023/2/24', '2023-02-24'],
    ['2023.2.24', '2023-02-24'],
    ['R5.2.30', null],
    ['5年2月24日', null],
  ])('valid until %s is read as %s', (valid, day) => {
    const read = readCall({ ...typed, valid });
    expect(read.ok ? read.call.validOn : null).toBe(day);
  });
  it.each(CALL_FIELDS.filter((field) => field !== 'mail'))('without its %s is not taken', (field) => {
    expect(readCall({ ...typed, [field]: ' ' })).toEqual({ ok: false, errors: [{ field, problem: 'missing' }] });
  });

  it('asks for a mail address or a mobile number when the caller has only a fixed line', () => {
    const line = { ...typed, phone: '096-333-0000', mail: '' };
    expect(readCall(line)).toEqual({ ok: false, errors: [{ field: 'mail', problem: 'no_way' }] });
    expect(readCall({ ...line, mail: 'a@example.jp' }).ok).toBe(true);
    expect(readCall({ ...typed, mail: '' }).ok).toBe(true);
  });
  it('of any texts is read or refused, never failing', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(fc.record(Object.fromEntries(CALL_FIELDS.map((field) => [field, text]))), (any) => {
        const read = readCall(any as TypedCall);
        expect(read.ok || read.errors.length > 0).toBe(true);
      }),
    );
  });
});

describe('who calls', () => {
  const held = {
    facts: { phone: '+819012345678', mail: 'Taro@example.jp', issuer: 'ホテル阿蘇', faceYen: 3_000n },
    payments: ['P1', 'P2'],
  };
  const told: TypedStory = {
    way: 'facts',
    fact1: 'phone',
    said1: '090 1234 5678',
    fact2: 'face',
    said2: '３，０００円',
    kind: 'unanswered',
    payments: ['P2', 'P9', 'P2'],
    story: '',
  };
  it('is known by two facts that we hold; payments of others are left out', () => {
    expect(readStory(told, held)).toEqual({
      ok: true,
      story: { way: 'facts', facts: ['phone', 'face'], kind: 'unanswered', payments: ['P2'], story: '' },
    });
  });
  it.each<[string, Partial<TypedStory>, string, string]>([
    ['the same fact twice', { fact2: 'phone', said2: '090 1234 5678' }, 'fact2', 'same'],
    ['one fact only', { said2: '' }, 'fact1', 'missing'],
    ['a wrong fact', { said2: '3001' }, 'fact1', 'wrong'],
    ['no way at all', { way: '' }, 'way', 'missing'],
    ['no kind', { kind: 'x' }, 'kind', 'missing'],
    ['something else without a word', { kind: 'other' }, 'story', 'missing'],
  ])('is not known by %s', (_, more, field, problem) => {
    expect(readStory({ ...told, ...more }, held)).toMatchObject({ ok: false, errors: [{ field, problem }] });
  });
  it('cannot be called back where we hold no number', () => {
    expect(readStory({ ...told, way: 'call_back' }, null)).toMatchObject({ ok: false, errors: [{ field: 'way', problem: 'not_held' }] });
  });
});
