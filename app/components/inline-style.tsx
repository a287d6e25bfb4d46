/**
 * The page's style, inside the page: nothing else has to arrive before it can be read. The only place that
 * writes markup as text; what it writes comes from our own style sheet at build time.
 */
export function InlineStyle({ css, nonce }: { css: string; nonce: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own style sheet, no input
  return <style nonce={nonce} dangerouslySetInnerHTML={{ __html: css }} />;
}
