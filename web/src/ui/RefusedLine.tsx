// Why a form was not taken; apart from Form.tsx, whose fields the sign-in page does without.
import type { Trouble } from './States';

export function RefusedLine({ said }: { said: Trouble }) {
  return (
    <p className="o-form-error" role="alert">
      {said.title}
      {said.detail && said.detail !== said.title ? `. ${said.detail}` : ''}
    </p>
  );
}
