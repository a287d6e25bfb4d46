import type { Contact } from '~/domain/contact';

/** Names as they are spread over a country: a few are very common. */
const FAMILIES: readonly (readonly [name: string, kana: string, roman: string])[] = [
  ['佐藤', 'サトウ', 'sato'],
  ['鈴木', 'スズキ', 'suzuki'],
  ['高橋', 'タカハシ', 'takahashi'],
  ['田中', 'タナカ', 'tanaka'],
  ['伊藤', 'イトウ', 'ito'],
  ['渡辺', 'ワタナベ', 'watanabe'],
  ['山本', 'ヤマモト', 'yamamoto'],
  ['中村', 'ナカムラ', 'nakamura'],
  ['小林', 'コバヤシ', 'kobayashi'],
  ['加藤', 'カトウ', 'kato'],
];
const GIVEN: readonly (readonly [name: string, kana: string, roman: string])[] = [
  ['花子', 'ハナコ', 'hanako'],
  ['太郎', 'タロウ', 'taro'],
  ['さくら', 'サクラ', 'sakura'],
  ['健', 'ケン', 'ken'],
  ['美咲', 'ミサキ', 'misaki'],
  ['翔太', 'ショウタ', 'shota'],
  ['由美', 'ユミ', 'yumi'],
  ['直樹', 'ナオキ', 'naoki'],
];
/** Characters that rarer names are put together from. */
const RARE = [...'松竹梅森川谷岡原島崎浜沢藤本井上下大小東西南北新古白黒青赤'];
const RARE_KANA = [...'マタウモカヤオハシキサフイノタコアミリロクナツセトユメ'];
/** So many of a hundred have one of the ten commonest names: in Japan it is about ten. */
const COMMON_PERCENT = 10;

/** The contact of the n-th person of the bench; the same in every run. */
export function benchContact(n: number): Contact {
  const roll = mixer(n);
  const common = roll(100) < COMMON_PERCENT;
  const [family, familyKana, roman] = common ? at(FAMILIES, roll(FAMILIES.length)) : rareName(roll);
  const [given, givenKana, givenRoman] = at(GIVEN, roll(GIVEN.length));
  const digits = String(roll(100_000_000)).padStart(8, '0');
  return {
    name: `${family} ${given}`,
    kana: `${familyKana} ${givenKana}`,
    phone: `+81${at(['90', '80', '70'], roll(3))}${digits}`,
    mail: `${givenRoman}.${roman}${roll(10_000)}@example.jp`,
  };
}

function rareName(roll: (below: number) => number): [string, string, string] {
  const [a, b] = [roll(RARE.length), roll(RARE.length)];
  const kana = [a, b, roll(RARE_KANA.length)].map((i) => at(RARE_KANA, i % RARE_KANA.length)).join('');
  return [at(RARE, a) + at(RARE, b), kana, `n${a}x${b}`];
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error('out of range');
  return item;
}

/** Numbers that look random and are the same for the same seed (mulberry32). */
function mixer(seed: number): (below: number) => number {
  let state = (seed + 1) * 0x9e3779b1;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
