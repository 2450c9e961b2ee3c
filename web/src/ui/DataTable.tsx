// A table: words left, numbers right, head stays; long ones keep only the rows in sight.
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Fragment, useRef, type ReactNode } from 'react';
import { cx } from '../lib/cx';

export interface Column<Row> {
  id: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  numeric?: boolean;
  sortable?: boolean;
  width?: number | string;
  className?: string;
}
export interface Sort {
  id: string;
  down: boolean;
}

export interface DataTableProps<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  id_of: (row: Row) => string;
  label: string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  onRow?: (row: Row) => void;
  selected?: string | null;
  /** Rows opened under a row (drill-down); they get their own table cells. */
  below?: (row: Row) => ReactNode;
  foot?: ReactNode;
  /** The table scrolls by itself and keeps only rows in sight. */
  scrolls?: boolean;
}

function Head<Row>({
  columns,
  sort,
  onSort,
}: Pick<DataTableProps<Row>, 'columns' | 'sort' | 'onSort'>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const on = sort?.id === column.id;
          const Arrow = on && sort.down ? IconArrowDown : IconArrowUp;
          return (
            <th
              key={column.id}
              scope="col"
              className={cx(column.numeric && 'o-n', column.className)}
              style={column.width ? { width: column.width } : undefined}
              aria-sort={on ? (sort.down ? 'descending' : 'ascending') : undefined}
            >
              {column.sortable && onSort ? (
                <button
                  type="button"
                  className="o-th"
                  onClick={() =>
                    onSort({ id: column.id, down: on ? !sort.down : Boolean(column.numeric) })
                  }
                >
                  {column.head}
                  {on && <Arrow size={12} aria-hidden />}
                </button>
              ) : (
                column.head
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Line<Row>({ row, table }: { row: Row; table: DataTableProps<Row> }) {
  const { columns, onRow, selected, id_of, below } = table;
  const under = below?.(row);
  return (
    <Fragment>
      <tr
        className={cx(
          onRow && 'o-tr-link',
          selected === id_of(row) && 'o-on',
          Boolean(under) && 'o-open',
        )}
        tabIndex={onRow ? 0 : undefined}
        onClick={onRow && (() => onRow(row))}
        onKeyDown={
          onRow &&
          ((event) => {
            if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
            event.preventDefault();
            onRow(row);
          })
        }
      >
        {columns.map((column) => (
          <td key={column.id} className={cx(column.numeric && 'o-n', column.className)}>
            {column.cell(row)}
          </td>
        ))}
      </tr>
      {under}
    </Fragment>
  );
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, id_of, scrolls = false, label } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: scrolls,
    getScrollElement: () => scroll.current,
    estimateSize: () => 36,
    getItemKey: (i) => (rows[i] ? id_of(rows[i]) : i),
    overscan: 12,
  });
  const seen = virtual.getVirtualItems();
  const before = scrolls ? (seen[0]?.start ?? 0) : 0;
  const after = scrolls ? virtual.getTotalSize() - (seen.at(-1)?.end ?? 0) : 0;
  const shown = scrolls ? seen.map((item) => rows[item.index]) : rows;
  return (
    <div
      ref={scroll}
      className={cx('o-table-box', scrolls && 'o-scroll')}
      tabIndex={scrolls ? 0 : undefined}
      role={scrolls ? 'region' : undefined}
      aria-label={scrolls ? label : undefined}
    >
      <table className="o-table" aria-label={label} aria-rowcount={rows.length + 1}>
        <Head {...props} />
        <tbody>
          {before > 0 && (
            <tr aria-hidden="true">
              <td colSpan={columns.length} style={{ height: before, padding: 0, border: 0 }} />
            </tr>
          )}
          {shown.map(
            (row) => row !== undefined && <Line key={id_of(row)} row={row} table={props} />,
          )}
          {after > 0 && (
            <tr aria-hidden="true">
              <td colSpan={columns.length} style={{ height: after, padding: 0, border: 0 }} />
            </tr>
          )}
        </tbody>
        {props.foot && <tfoot>{props.foot}</tfoot>}
      </table>
    </div>
  );
}
