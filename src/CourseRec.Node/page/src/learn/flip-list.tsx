import { Component, createRef, type ComponentChildren } from "preact";

interface FlipListProps {
  /** The list animates when this changes. */
  version: unknown;
  children: ComponentChildren;
}

interface Before {
  tops: Map<string, number>;
  focus: { row: number; testid: string | undefined } | undefined;
}

const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const timing: KeyframeAnimationOptions = { duration: 460, easing: "cubic-bezier(0.22, 1, 0.36, 1)" };

/**
 * A list whose rows (keyed by data-course) glide to their new places, with new ones fading in. When the row that
 * holds the focus leaves, the focus moves to the same button of the row that takes its place.
 */
export class FlipList extends Component<FlipListProps> {
  private readonly list = createRef<HTMLOListElement>();

  override getSnapshotBeforeUpdate(): Before {
    const rows = this.rows();
    const row = rows.findIndex((candidate) => candidate.contains(document.activeElement));
    const testid = (document.activeElement as HTMLElement | null)?.dataset["testid"];
    return {
      tops: new Map(rows.map((candidate) => [courseOf(candidate), candidate.offsetTop])),
      focus: row < 0 ? undefined : { row, testid },
    };
  }

  override componentDidUpdate(previous: FlipListProps, _: unknown, before: Before): void {
    if (previous.version === this.props.version) return;
    if (before.focus && document.activeElement === document.body) this.refocus(before.focus);
    if (stillness.matches || before.tops.size === 0) return;
    for (const row of this.rows()) glide(row, before.tops.get(courseOf(row)));
  }

  render() {
    return (
      <ol ref={this.list} class="list" data-testid="recommendations">
        {this.props.children}
      </ol>
    );
  }

  private rows(): HTMLElement[] {
    return [...(this.list.current?.children ?? [])] as HTMLElement[];
  }

  private refocus({ row, testid }: { row: number; testid: string | undefined }): void {
    const rows = this.rows();
    const next = rows[Math.min(row, rows.length - 1)];
    const same = testid ? next?.querySelector<HTMLElement>(`[data-testid="${testid}"]`) : undefined;
    (same ?? next?.querySelector<HTMLElement>("button"))?.focus();
  }
}

function courseOf(row: HTMLElement): string {
  return row.dataset["course"] ?? "";
}

function glide(row: HTMLElement, oldTop: number | undefined): void {
  if (oldTop === undefined) {
    row.animate(
      [
        { opacity: 0, transform: "translateX(-14px)" },
        { opacity: 1, transform: "none" },
      ],
      timing,
    );
    row.animate([{ background: "var(--accent-soft)" }, { background: "var(--surface)" }], {
      duration: 1800,
      easing: "ease-in",
    });
    return;
  }
  const distance = oldTop - row.offsetTop;
  if (distance !== 0) row.animate([{ transform: `translateY(${distance}px)` }, { transform: "none" }], timing);
}
