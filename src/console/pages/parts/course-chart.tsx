import { grouped } from '../../../count.ts';
import type { Course } from '../../../overview/course.ts';
import { shortTime } from '../../../zoned-time.ts';
import { CourseTable, stopWord } from './course-table.tsx';

const WIDTH = 640;
const HEIGHT = 170;
/** Room for the labels at the left and below. */
const [LEFT, BOTTOM, TOP] = [52, 22, 18];

/** More points than pixels show nothing more. */
const MOST_POINTS = 400;

interface Scale {
  x(at: number): number;
  y(count: number): number;
  most: number;
  from: number;
  until: number;
}

/** The course of a batch: people over time, with the times in which nothing could move. */
export function CourseChart({ course: past, now }: { course: Course; now: number }) {
  const course = stillFailed(past);
  const samples = thinned(course.samples);
  const [first, last] = [samples[0], samples.at(-1)];
  const isShown = first !== undefined && last !== undefined && last.at - first.at >= 1000;
  if (!isShown || samples.length < 3) {
    return (
      <section class="card">
        <h2>Course</h2>
        <p class="muted">
          People over time would stand here, with holds and limits. The first points come after ten
          seconds.
        </p>
      </section>
    );
  }
  const most = Math.max(1, ...samples.map(sumOf));
  const scale = scaleOf(first.at, last.at, most);
  return (
    <section class="card">
      <h2>Course</h2>
      <svg
        class="course"
        role="img"
        aria-label="People created, already there and failed over time; the table below has the numbers"
        viewBox={`0 0 ${WIDTH} ${HEIGHT + BOTTOM}`}
      >
        <Bands course={course} scale={scale} />
        <Area samples={samples} scale={scale} />
        <Axis scale={scale} now={now} />
        {course.rounds
          .filter(({ round }) => round > 1)
          .map(({ round, at }) => (
            <g>
              <line class="mark" x1={scale.x(at)} x2={scale.x(at)} y1={TOP} y2={HEIGHT} />
              <text x={scale.x(at) + 3} y={TOP + 10}>{`round ${round}`}</text>
            </g>
          ))}
      </svg>
      <CourseTable course={course} now={now} />
    </section>
  );
}

/** The course without failures of people whom a later round created: no page shows those. */
function stillFailed(course: Course): Course {
  const most = course.samples.at(-1)?.failed ?? 0;
  const samples = course.samples.map((one) => ({ ...one, failed: Math.min(one.failed, most) }));
  return { ...course, samples };
}

type Sample = Course['samples'][number];

function sumOf({ created, existing, failed }: Sample): number {
  return created + existing + failed;
}

/** At most 400 points, the last one always among them. */
function thinned(samples: readonly Sample[]): Sample[] {
  const step = Math.max(1, Math.ceil(samples.length / MOST_POINTS));
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
}

function scaleOf(from: number, until: number, most: number): Scale {
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    x: (at) => round(LEFT + ((at - from) / (until - from)) * (WIDTH - LEFT - 8)),
    y: (count) => round(HEIGHT - (count / most) * (HEIGHT - TOP)),
    most,
    from,
    until,
  };
}

/** Three areas on top of each other: failed at the bottom, then already there, then created. */
function Area({ samples, scale }: { samples: readonly Sample[]; scale: Scale }) {
  const layers = [
    ['created', sumOf],
    ['existing', ({ existing, failed }: Sample) => existing + failed],
    ['failed', ({ failed }: Sample) => failed],
  ] as const;
  const base = `L${scale.x(scale.until)} ${HEIGHT}L${scale.x(scale.from)} ${HEIGHT}Z`;
  return (
    <>
      {layers.map(([name, height]) => {
        const points = samples.map((one) => `${scale.x(one.at)} ${scale.y(height(one))}`);
        return <path class={name} d={`M${points.join('L')}${base}`} />;
      })}
    </>
  );
}

function Bands({ course: { bands }, scale }: { course: Course; scale: Scale }) {
  return (
    <>
      {bands.map(({ kind, from, until }) => {
        const width = Math.max(1, scale.x(until) - scale.x(from));
        return (
          <g>
            <rect class="band" x={scale.x(from)} y={TOP} width={width} height={HEIGHT - TOP} />
            {width > 60 ? (
              <text x={scale.x(from) + 4} y={TOP - 4}>
                {stopWord(kind)}
              </text>
            ) : null}
          </g>
        );
      })}
    </>
  );
}

function Axis({ scale, now }: { scale: Scale; now: number }) {
  const middle = (scale.from + scale.until) / 2;
  return (
    <>
      {[0.5, 1].map((share) => {
        const count = Math.round(scale.most * share);
        return (
          <g>
            <line class="grid" x1={LEFT} x2={WIDTH} y1={scale.y(count)} y2={scale.y(count)} />
            <text class="end" x={LEFT - 6} y={scale.y(count) + 4}>
              {grouped(count)}
            </text>
          </g>
        );
      })}
      <line class="axis" x1={LEFT} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      {[scale.from, middle, scale.until].map((at, index) => (
        <text
          class={['', 'middle', 'end'][index]}
          x={scale.x(at)}
          y={HEIGHT + 16}
          data-at={new Date(at).toISOString()}
        >
          {shortTime(at, now)}
        </text>
      ))}
    </>
  );
}
