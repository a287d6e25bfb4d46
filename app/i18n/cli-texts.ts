import type { BounceResult } from '../domain/bounce';
import type { CampaignFinding } from '../domain/campaign-check';
import type { CouponRefusalReason } from '../domain/coupon-acts';
import type { SendTexts } from './send-texts';

/** The texts of the operator's command line; one catalogue per language has all of them. */
export interface CliTexts {
  readonly yen: (yen: bigint) => string;
  readonly about: Readonly<
    Record<
      | 'program'
      | 'json'
      | 'lang'
      | 'envFile'
      | 'campaign'
      | 'campaignLoad'
      | 'campaignShow'
      | 'campaignRehearse'
      | 'grants'
      | 'grantsImport'
      | 'stock'
      | 'stockLoad'
      | 'proof'
      | 'keys'
      | 'keysRotate'
      | 'keysNew'
      | 'lapse'
      | 'letters'
      | 'bounces'
      | 'bouncesFile'
      | 'lettersOut'
      | 'lettersBatch'
      | 'lettersAgain'
      | 'send'
      | 'sendPlan'
      | 'sendKeep'
      | 'sendStart'
      | 'sendPause'
      | 'sendResume'
      | 'sendStop'
      | 'sendStatus'
      | 'sendUnreached'
      | 'sendUnopened'
      | 'sendGroup'
      | 'sendPurpose'
      | 'sendFrom'
      | 'sendUntil'
      | 'sendHours'
      | 'sendPerHour'
      | 'sendDomain'
      | 'sendWarmUp'
      | 'sendWave'
      | 'sendWatch'
      | 'sendMinYen'
      | 'sendLimit'
      | 'migrate'
      | 'file'
      | 'campaignId'
      | 'provider'
      | 'faceValue'
      | 'dryRun'
      | 'skipBad'
      | 'rejected'
      | 'force'
      | 'statement'
      | 'statementSample'
      | 'out'
      | 'keyId'
      | 'audit'
      | 'auditVerify'
      | 'auditHead'
      | 'publicKey'
      | 'since'
      | 'proofFile'
      | 'proofExport'
      | 'proofOut'
      | 'coupons'
      | 'couponsImport'
      | 'couponsCandidates'
      | 'couponsExtend'
      | 'couponsPutBack'
      | 'payments'
      | 'paymentsImport'
      | 'cutoff'
      | 'cutoffPlan'
      | 'cutoffRun'
      | 'asOf'
      | 'update'
      | 'differences'
      | 'coupon'
      | 'payment'
      | 'reason'
      | 'evidence'
      | 'withDifferences'
      | 'staff'
      | 'staffTotp'
      | 'login'
      | 'staffInvite'
      | 'staffName'
      | 'role'
      | 'staffCampaigns'
      | 'again'
      | 'staffList'
      | 'staffDisable',
      string
    >
  >;
  readonly errors: {
    readonly database: string;
    readonly schema: string;
    readonly privilege: string;
    readonly environment: string;
    readonly envFile: (file: string) => string;
    readonly unexpected: (message: string) => string;
    readonly interruptedNothing: string;
    readonly interruptedResume: string;
    readonly sameFile: string;
    readonly unwritable: (file: string) => string;
    readonly number: (name: string, value: string) => string;
    readonly instant: (name: string, value: string) => string;
    readonly keyId: string;
  };
  readonly campaignUnknown: (id: string) => string;
  readonly file: Readonly<
    Record<'not_found' | 'not_readable' | 'empty' | 'utf16' | 'spreadsheet' | 'encoding' | 'malformed' | 'changed', string>
  >;
  readonly atRow: (row: number) => string;
  readonly header: Readonly<Record<'missing' | 'unknown' | 'twice', (column: string) => string>>;
  readonly noRows: string;
  readonly busy: string;
  readonly collision: string;
  readonly nothingWritten: string;
  readonly repeated: (at: string, count: number, yen: string) => string;
  /** By the kind of file. */
  readonly imports: Readonly<
    Record<
      'grants' | 'coupons' | 'payments',
      {
        readonly imported: (count: number, yen: string) => string;
        readonly checked: (rows: number, accepted: number, yen: string) => string;
      }
    >
  >;
  readonly coupons: {
    readonly kinds: Readonly<Record<'unanswered' | 'repeated', string>>;
    readonly settled: string;
    readonly candidates: (unanswered: number, unansweredYen: string, repeated: number, repeatedYen: string) => string;
    readonly extended: (coupons: number, yen: string, until: string) => string;
    readonly putBack: (yen: string, remaining: string) => string;
    /** Rows of a newer file whose coupon stands already. */
    readonly standing: (unchanged: number, changed: number, renewed: number) => string;
    readonly differing: (column: string, count: number) => string;
    readonly differencesFile: (file: string) => string;
    readonly updateHint: string;
    readonly refused: Readonly<Record<CouponRefusalReason, string>>;
  };
  readonly cutoff: {
    readonly registerClosed: string;
    readonly planned: (at: string) => string;
    readonly finished: (at: string) => string;
    readonly unfinished: (at: string) => string;
    readonly ran: (grants: number, coupons: number, yen: string, waiting: number, waitingYen: string) => string;
    readonly ways: Readonly<Record<'app' | 'claim' | 'granted_elsewhere' | 'above_ceiling', string>>;
    readonly columns: Readonly<Record<'coupons' | 'persons' | 'yen' | 'doneCoupons' | 'doneYen', string>>;
    /** Coupons of which a list grants less than is left on them. */
    readonly short: (coupons: number, yen: string) => string;
    readonly shortOne: (left: string, granted: string, short: string) => string;
    readonly differences: (count: number) => string;
    readonly late: (count: number) => string;
    readonly refused: {
      readonly tooEarly: (at: string) => string;
      readonly differences: (count: number) => string;
      readonly oldIndexes: string;
      readonly aboveCeiling: (coupons: number) => string;
    };
  };
  readonly grants: {
    readonly rejectedNone: (rejected: number, rows: number) => string;
    readonly rejectedSome: (rejected: number) => string;
    readonly rejectedFile: (file: string) => string;
    readonly more: (count: number) => string;
    readonly skipHint: string;
  };
  readonly campaign: {
    readonly created: (id: string) => string;
    readonly updated: (id: string) => string;
    readonly unchanged: (id: string) => string;
    readonly not_json: string;
    readonly invalid: string;
    readonly providerUnknown: (providers: string) => string;
    readonly needsForce: string;
    readonly paused: (providers: string) => string;
    readonly faults: string;
    readonly finding: (finding: CampaignFinding) => string;
    readonly change: {
      readonly deadline: (from: string, to: string) => string;
      readonly ceiling: (from: string, to: string) => string;
    } & Readonly<Record<'claims' | 'incident' | 'coupon' | 'sending' | 'limits_raised' | 'settings', string>> &
      Readonly<
        Record<
          'offer_added' | 'offer_amount' | 'offer_source' | 'offer_label' | 'offer_order' | 'offer_dropped',
          (provider: string) => string
        >
      >;
    readonly noRehearsals: string;
    readonly show: Readonly<Record<'until' | 'ceiling' | 'offers' | 'stock' | 'imports' | 'paused' | 'none', string>> & {
      readonly range: (min: string, max: string, step: string) => string;
      readonly codes: (yen: string, codes: number) => string;
      readonly kind: Readonly<Record<'grants' | 'stock' | 'coupons' | 'coupon_renewals' | 'payments', string>>;
      readonly count: (count: number) => string;
    };
  };
  readonly stock: {
    readonly loaded: (rows: number, yen: string) => string;
    readonly rejected: (rejected: number, rows: number) => string;
    readonly offerUnknown: (provider: string, campaign: string) => string;
    readonly faceValueMissing: string;
    readonly firstRow: (row: number) => string;
    /** By the codes of the stock reader and of `STOCK_LOAD_PROBLEMS`. */
    readonly problems: Readonly<Record<string, string>>;
  };
  readonly proof: {
    readonly columns: Readonly<
      Record<'campaign' | 'provider' | 'granted' | 'residual' | 'pending' | 'issued' | 'lapsed' | 'unexplained', string>
    >;
    readonly exact: string;
    readonly differences: (count: number) => string;
    readonly difference: (expected: string, found: string) => string;
    readonly coupons: Readonly<
      Record<'campaign' | 'face' | 'spent' | 'putBack' | 'remaining' | 'taken' | 'granted' | 'waiting' | 'cases', string>
    >;
    /** By `PROOF_CHECKS`. */
    readonly checks: Readonly<Record<string, string>>;
  };
  readonly dayProof: {
    readonly whole: (records: number, signatures: number) => string;
    readonly unsigned: string;
    readonly exported: (records: number, file: string) => string;
    readonly badDay: string;
    readonly fault: Readonly<
      Record<'unreadable' | 'hash' | 'previous' | 'signature' | 'missing_day' | 'differences' | 'empty', (place: string) => string>
    >;
  };
  readonly statement: { readonly tooFew: string; readonly written: (file: string) => string };
  readonly audit: {
    readonly whole: (entries: number, anchors: number, signatures: number) => string;
    readonly head: (head: string) => string;
    readonly unsigned: string;
    readonly badHead: string;
    readonly fault: Readonly<
      Record<'edited' | 'deleted' | 'gap' | 'unlinked' | 'cut' | 'rewritten' | 'bad_signature', (place: string) => string>
    >;
  };
  readonly keys: {
    readonly resealed: (count: number) => string;
    readonly place: Readonly<Record<string, string>>;
    readonly rings: Readonly<Record<'seal' | 'index' | 'link', string>>;
    readonly columns: Readonly<Record<'ring' | 'key' | 'rows' | 'note', string>>;
    readonly current: string;
    readonly removable: string;
    readonly digestKey: string;
    readonly linkStays: string;
    readonly missing: string;
    readonly unreadable: (count: number) => string;
    readonly why: Readonly<Record<'key_missing' | 'damaged', string>>;
    readonly notFinished: string;
    readonly newHint: string;
  };
  readonly lapse: {
    readonly done: (grants: number, yen: string) => string;
    readonly dryRun: (grants: number, yen: string) => string;
    readonly frozen: (count: number) => string;
  };
  readonly send: SendTexts;
  readonly bounces: Readonly<Record<BounceResult | 'too_large', string>> & { readonly read: (mails: number) => string };
  readonly letters: {
    readonly due: (count: number) => string;
    readonly none: string;
    readonly printed: (file: string, count: number) => string;
    readonly leftOut: (numbers: string) => string;
    readonly byHand: (numbers: string) => string;
    readonly secret: string;
    readonly noPublicUrl: string;
    readonly noFolder: (folder: string) => string;
    readonly batchUnknown: (number: number) => string;
  };
  readonly migrate: { readonly applied: (name: string) => string; readonly done: (count: number) => string };
  readonly staff: {
    readonly unknown: (login: string) => string;
    readonly notRehearsal: string;
    readonly noTotp: (login: string) => string;
    readonly totpHint: (seconds: number) => string;
    readonly invited: (login: string, until: string) => string;
    readonly pathOnly: string;
    readonly allCampaigns: string;
    readonly nobody: string;
    readonly disabled: (login: string) => string;
    readonly state: Readonly<Record<'active' | 'invited' | 'disabled', string>>;
    readonly problems: Readonly<
      Record<
        | 'login_invalid'
        | 'login_taken'
        | 'name_invalid'
        | 'role_unknown'
        | 'campaign_unknown'
        | 'campaign_none'
        | 'scope'
        | 'unknown'
        | 'disabled'
        | 'own_account'
        | 'last_administrator',
        string
      >
    >;
  };
}
