// Questions that staff ask customers before a button.
import { useState } from 'react';
import { send } from '../../api/call';
import { useT } from '../../lib/lang';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { Editor, Part, said, useChange } from './kit';
import { useQuestions } from './queries';

export function Questions() {
  const t = useT();
  const questions = useQuestions();
  const [text, set_text] = useState('');
  const add = useChange(
    () => send('post', '/questions', { text }),
    ['question'],
    () => {
      set_text('');
      said(t('ui.set.saved'))();
    },
  );
  return (
    <Part title={t('ui.set.questions')} what={t('ui.set.questions_what')}>
      <Loaded asking={questions} title={t('ui.set.failed')}>
        {(data) => (
          <ul className="o-set-rows">
            {data.items.map((one) => (
              <li key={one.id}>
                <div>
                  <span>{one.text}</span>
                </div>
              </li>
            ))}
            {data.items.length === 0 && <li className="o-3">{t('ui.set.no_questions')}</li>}
          </ul>
        )}
      </Loaded>
      <Editor
        change={add}
        paths={['text']}
        save={t('ui.set.add')}
        onSubmit={() => add.mutate(undefined)}
      >
        <TextField
          path="text"
          label={t('ui.set.question_new')}
          value={text}
          onChange={(event) => set_text(event.currentTarget.value)}
        />
      </Editor>
    </Part>
  );
}
