import { grouped } from '../../../count.ts';
import { may, type Role } from '../../auth/roles.ts';

interface PlaceProps {
  file: string;
  line: number;
  role: Role;
}

/** File and line of a row. The name of a file can name a person, so a viewer sees the line alone. */
export function Place({ file, line, role }: PlaceProps) {
  const isNamed = may(role, 'show-people') && file !== '';
  return (
    <>
      {isNamed ? <bdi>{file}</bdi> : null} line {grouped(line)}
    </>
  );
}
