/** A delivery-status mail as servers write it (RFC 3464), about one of our mails. */
export function bounceMail(
  id: string,
  {
    action = 'failed',
    status = '5.1.1',
    mark = 'X-Uketori-Message',
    attempt,
  }: { action?: string; status?: string; mark?: string; attempt?: number } = {},
): string {
  return reportMail(
    'delivery-status',
    [
      'Reporting-MTA: dns; mx.example.jp',
      '',
      'Final-Recipient: rfc822; hayashi.sakura@example.jp',
      `Action: ${action}`,
      `Status: ${status}`,
    ],
    [
      mark === 'Message-ID' ? `Message-ID: <${id}@uketori.example>` : `${mark}: ${id}`,
      ...(attempt === undefined ? [] : [`X-Uketori-Attempt: ${attempt}`]),
    ].join('\r\n'),
  );
}

/** A complaint (RFC 5965). */
export function complaintMail(id: string, type = 'abuse'): string {
  return reportMail('feedback-report', [`Feedback-Type: ${type}`, 'User-Agent: Example/1.0', 'Version: 1'], `X-Uketori-Message: ${id}`);
}

function reportMail(type: string, fields: readonly string[], header: string): string {
  return [
    'From: MAILER-DAEMON@mx.example.jp',
    'To: bounces@example.jp',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary="b1"`,
    '',
    '--b1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'It could not be delivered.',
    '',
    '--b1',
    `Content-Type: message/${type}`,
    '',
    ...fields,
    '',
    '--b1',
    'Content-Type: message/rfc822',
    '',
    'From: noreply@uketori.example',
    header,
    'Subject: test',
    '',
    'X-Uketori-Message: 00000000-0000-0000-0000-000000000000',
    '',
    '--b1--',
    '',
  ].join('\r\n');
}
