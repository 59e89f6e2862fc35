import { escapeTerminal } from './escape';
import type { Style } from './style';
import { pad, textWidth, truncate } from './width';

/** One column of a table of `Row`. */
export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The cell's text, unescaped; undefined shows as an empty cell. */
  value(row: Row): string | undefined;
  /** Cells the column may be cut down to when the terminal is narrow; absent: never cut. */
  readonly shrinkTo?: number;
  /** Colours a finished cell. */
  paint?(text: string, row: Row, style: Style): string;
}

export interface TableOptions {
  /** Cells available; undefined: as wide as the content (not a terminal). */
  readonly width?: number | undefined;
  readonly style: Style;
}

const GAP = '  ';

/** A table as lines, columns aligned, without rules or decoration. Every cell is escaped here. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: TableOptions,
): string[] {
  const cells = rows.map((row) => columns.map((column) => escapeTerminal(column.value(row) ?? '')));
  const widths = columnWidths(columns, cells, options.width);
  const header = line(
    columns.map((column, i) => options.style.dim(fit(column.title, widths[i] ?? 0, column.align ?? 'left'))),
  );
  const body = rows.map((row, r) =>
    line(
      columns.map((column, i) => {
        const text = fit(cells[r]?.[i] ?? '', widths[i] ?? 0, column.align ?? 'left');
        return column.paint?.(text, row, options.style) ?? text;
      }),
    ),
  );
  return [header, ...body];
}

function line(cells: readonly string[]): string {
  return cells.join(GAP).trimEnd();
}

function fit(text: string, width: number, align: 'left' | 'right'): string {
  return pad(truncate(text, width), width, align);
}

function columnWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
  available: number | undefined,
): number[] {
  const widths = columns.map((column, i) =>
    cells.reduce((widest, row) => Math.max(widest, textWidth(row[i] ?? '')), textWidth(column.title)),
  );
  if (available === undefined) return widths;
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (columns.length - 1) - available;
  while (excess > 0) {
    const widest = widestShrinkable(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

function widestShrinkable<Row>(columns: readonly Column<Row>[], widths: readonly number[]): number | undefined {
  let best: number | undefined;
  columns.forEach((column, i) => {
    const width = widths[i] ?? 0;
    if (column.shrinkTo === undefined || width <= column.shrinkTo) return;
    if (best === undefined || width > (widths[best] ?? 0)) best = i;
  });
  return best;
}
