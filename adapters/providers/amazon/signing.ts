import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AmazonSettings } from './settings';

/** The service name in the credential scope. Amazon Incentives API, Security. */
const SERVICE = 'AGCODService';

export interface ToSign {
  readonly url: URL;
  /** Lower-case names. `host` is taken from the URL. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now: Date;
}

/**
 * Signs a POST with AWS Signature Version 4.
 *
 * @returns the given headers with `host`, `x-amz-date` and `authorization`
 */
export async function sign(
  request: ToSign,
  settings: Pick<AmazonSettings, 'accessKeyId' | 'secretKey' | 'region'>,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: SERVICE,
    region: settings.region,
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretKey },
    sha256: Sha256,
    // Amazon's own examples carry no x-amz-content-sha256 header.
    applyChecksum: false,
  });
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      protocol: request.url.protocol,
      hostname: request.url.hostname,
      path: request.url.pathname,
      headers: { ...request.headers, host: request.url.host },
      body: request.body,
    }),
    { signingDate: request.now },
  );
  return { ...signed.headers };
}
