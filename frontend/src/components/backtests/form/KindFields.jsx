import { KINDS } from '../kinds.js'
import { ofCandles } from '../words.js'
import { CheckField, Field, FIELD } from './Fields.jsx'
import { NumberFields } from './NumberFields.jsx'

/** @import { FieldErrors, FormState } from './formState.js' */
/** @import { Kind } from '../kinds.js' */
/** @import { Change } from './NumberFields.jsx' */

/**
 * What kind of backtest it is, and what that kind asks for.
 * @param {{ form: FormState, errors: FieldErrors, onChange: Change }} props
 */
export function KindFields({ form, errors, onChange }) {
  const { label, does, fields, opens } = KINDS[form.kind]
  /** @param {Kind} kind */
  const choose = (kind) => onChange({ kind, numbers: { ...form.numbers, trials: KINDS[kind].trials ?? form.numbers.trials ?? '' } })
  return (
    <div className="flex flex-col gap-3">
      <Field label="What to do">
        {(attributes) => (
          <select {...attributes} className={FIELD} value={form.kind} onChange={(event) => choose(/** @type {Kind} */ (event.target.value))}>
            {Object.entries(KINDS).map(([kind, one]) => (
              <option key={kind} value={kind}>
                {one.label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <p className="text-xs text-muted">{does}</p>
      {Object.keys(fields).length > 0 && <NumberFields title={label} fields={fields} form={form} errors={errors} onChange={onChange} />}
      {opens && <CheckField label={`Open the sealed part at the end${ofCandles(form.market)}: it can be done once`} checked={form.opensSeal} onChange={(opensSeal) => onChange({ opensSeal })} />}
    </div>
  )
}
