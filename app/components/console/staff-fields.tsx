import { ROLES, type Role } from '../../domain/access';
import type { Bilingual } from '../../domain/campaign';
import type { ConsoleTexts } from '../../i18n/console/texts';

/** What was chosen for somebody. */
export interface StaffChoice {
  readonly role: Role;
  readonly all: boolean;
  readonly campaigns: readonly string[];
}

interface Props {
  readonly t: ConsoleTexts;
  readonly choice: StaffChoice;
  readonly campaigns: readonly { readonly id: string; readonly name: Bilingual }[];
  /** Whether "all campaigns" may be given. */
  readonly mayGiveAll: boolean;
  readonly error: string | null;
}

/** A role and the campaigns it is for. */
export function StaffFields({ t, choice, campaigns, mayGiveAll, error }: Props) {
  return (
    <>
      <fieldset>
        <legend>{t('staff.role')}</legend>
        {ROLES.map((role) => (
          <label key={role} className="choice">
            <input type="radio" name="role" value={role} defaultChecked={role === choice.role} required />
            <span>
              <strong>{t(`role.${role}`)}</strong>
              <br />
              <span className="hint">{t(`staff.may.${role}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset aria-describedby={error ? 'campaign-error' : undefined}>
        <legend>{t('staff.campaigns')}</legend>
        {error && (
          <p className="field-error" id="campaign-error" data-focus tabIndex={-1}>
            {error}
          </p>
        )}
        {mayGiveAll && (
          <label className="choice">
            <input type="checkbox" name="all" value="1" defaultChecked={choice.all} />
            <span>{t('staff.allCampaigns')}</span>
          </label>
        )}
        {campaigns.map(({ id, name }) => (
          <label key={id} className="choice">
            <input type="checkbox" name="campaign" value={id} defaultChecked={choice.campaigns.includes(id)} />
            <span>
              {t.own(name)} <span className="hint">{id}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
