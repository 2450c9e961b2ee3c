// Questions that staff ask customers before a button.
import { useState } from 'react';
import { send } from '../../api/call';
import { useT } from '../../lib/lang';
import { AreaField, CheckField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { Editor, ListExport, Part, said, useChange } from './kit';
import { QuestionPlan } from './QuestionPlan';
import { useQuestions } from './queries';

export function Questions() {
  const t = useT();
  const questions = useQuestions();
  const [text, set_text] = useState('');
  const [prompts, set_prompts] = useState('');
  const [organic, set_organic] = useState(false);
  const add = useChange(
    () => send('post', '/questions', { text, prompts, organic }),
    ['question'],
    () => {
      set_text('');
      set_prompts('');
      set_organic(false);
      said(t('ui.set.saved'))();
    },
  );
  return (
    <>
      <Part
        title={t('ui.set.questions')}
        what={t('ui.set.questions_what')}
        action={<ListExport path="/questions" />}
      >
        <Loaded asking={questions} title={t('ui.set.failed')}>
          {(data) => (
            <ul className="o-set-rows">
              {data.items.map((one) => (
                <li key={one.id}>
                  <div>
                    <span>
                      {one.text}
                      {one.prompts && (
                        <span className="o-3"> {one.prompts.split('\n').join(' · ')}</span>
                      )}
                    </span>
                    {one.organic && <span className="o-2">{t('ui.set.organic_short')}</span>}
                  </div>
                </li>
              ))}
              {data.items.length === 0 && <li className="o-3">{t('ui.set.no_questions')}</li>}
            </ul>
          )}
        </Loaded>
        <Editor
          change={add}
          paths={['text', 'prompts']}
          save={t('ui.set.add')}
          onSubmit={() => add.mutate(undefined)}
        >
          <TextField
            path="text"
            label={t('ui.set.question_new')}
            value={text}
            onChange={(event) => set_text(event.currentTarget.value)}
          />
          <AreaField
            path="prompts"
            label={t('ui.set.prompts')}
            description={t('ui.set.prompts_what')}
            value={prompts}
            onChange={(event) => set_prompts(event.currentTarget.value)}
          />
          <CheckField
            path="organic"
            label={t('ui.set.organic')}
            checked={organic}
            onChange={(event) => set_organic(event.currentTarget.checked)}
          />
        </Editor>
      </Part>
      <QuestionPlan />
    </>
  );
}
