// Buttons, fields and a long table, to look at.
import { useState } from 'react';
import { Button } from '../ui/Button';
import { ConfirmButton } from '../ui/Confirm';
import { DataTable, type Sort } from '../ui/DataTable';
import { AreaField, CheckField, NumberField, SelectField, SwitchField } from '../ui/Fields';
import { Form, FormError, PasswordField, TextField } from '../ui/Form';
import { useHotkeys } from '../ui/hotkeys';
import { toast } from '../ui/Toast';
import sample from './sample.json';

const word = sample.t;

export function Parts() {
  const [sort, set_sort] = useState<Sort>({ id: 'n', down: true });
  const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: String(i), n: 2_000 - i }));
  useHotkeys([
    {
      keys: 'KeyT',
      run: () => toast({ text: word.done_t, undo: () => undefined }),
      help: word.done_t,
    },
  ]);
  return (
    <div className="o-page o-fields" style={{ maxWidth: 720 }}>
      <h1>{word.inbox}</h1>
      <div className="o-row">
        <Button onClick={() => toast({ text: word.done_t, undo: () => undefined })}>
          {word.sort}
        </Button>
        <ConfirmButton
          kind="danger"
          question={word.question}
          yes={word.delete}
          onConfirm={() => undefined}
        >
          {word.delete}
        </ConfirmButton>
        <Button busy>{word.check}</Button>
      </div>
      <Form
        className="o-fields"
        onSubmit={() => undefined}
        error={{ title: word.err, detail: word.silent, field: 'items[0].name' }}
      >
        <TextField path="items.0.name" label={word.person} defaultValue="x" />
        <PasswordField path="p" label={word.company} description={word.since} />
        <SelectField
          path="s"
          label={word.point}
          data={[word.head, word.call_h]}
          defaultValue={word.head}
        />
        <NumberField path="n" label={word.days} defaultValue={20} />
        <AreaField path="a" label={word.more} />
        <CheckField path="c" label={word.auto} defaultChecked />
        <SwitchField path="w" label={word.new} defaultChecked />
        <FormError paths={['items.0.name']} />
      </Form>
      <div style={{ height: 260, display: 'grid' }}>
        <DataTable
          scrolls
          rows={rows}
          id_of={(row) => row.id}
          label={word.inbox}
          sort={sort}
          onSort={set_sort}
          onRow={() => undefined}
          columns={[
            { id: 'p', head: word.point, cell: () => word.head },
            { id: 'n', head: 'n', numeric: true, sortable: true, cell: (row) => row.n },
          ]}
        />
      </div>
    </div>
  );
}
