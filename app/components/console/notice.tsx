/** A whole page that says what happened and where to go on. */
export function ConsoleNotice({ title, what, next }: { title: string; what: string; next: { href: string; text: string } }) {
  return (
    <section className="card notice">
      <h1>{title}</h1>
      <p>{what}</p>
      <p>
        <a className="button" href={next.href}>
          {next.text}
        </a>
      </p>
    </section>
  );
}
