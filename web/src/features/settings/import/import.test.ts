import { describe, expect, it } from 'vitest';
import { column_label, with_column } from './Columns';
import type { ImportFile } from './queries';

const file = {
  columns: [
    { title: 'ФИО', samples: ['Иванова', 'Петров', 'Сидоров'] },
    { title: '', samples: [] },
  ],
} as unknown as ImportFile;

describe('columns of an import', () => {
  it('are told by their head and what stands in them', () => {
    expect(column_label(file, 0, 'столбец 1')).toBe('ФИО: Иванова; Петров');
    expect(column_label(file, 1, 'столбец 2')).toBe('столбец 2');
    expect(column_label(file, 9, 'столбец 10')).toBe('столбец 10');
  });
  it('belong to one field each', () => {
    const before = [
      { field: 'full_name', column: 0 },
      { field: 'phone', column: 1 },
    ];
    expect(with_column(before, 'email', 1)).toEqual([
      { field: 'full_name', column: 0 },
      { field: 'email', column: 1 },
    ]);
    expect(with_column(before, 'phone', null)).toEqual([{ field: 'full_name', column: 0 }]);
    expect(with_column(before, 'phone', 0)).toEqual([{ field: 'phone', column: 0 }]);
  });
});
