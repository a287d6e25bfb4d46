/** The words of a recipient's page in one language. */
export interface Sentence {
  readonly language: 'ja' | 'en';
  readonly title: string;
  readonly lead: readonly string[];
  readonly items: ReadonlyMap<string, string>;
}

/** The very words of the recipient's page. */
export function Quote({ sentence: { language, title, lead, items } }: { sentence: Sentence }) {
  return (
    <blockquote className="quote" lang={language}>
      <p>
        <strong>{title}</strong>
      </p>
      {[...items.values(), ...lead].map((line) => (
        <p key={line}>{line}</p>
      ))}
    </blockquote>
  );
}
