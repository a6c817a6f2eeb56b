/** The way from the list of batches to a page of one. */
export function Crumbs({ batch, isRow = false }: { batch: string; isRow?: boolean }) {
  const href = `/batches/${batch}`;
  return (
    <p class="crumbs">
      <a href="/batches">Batches</a> /{' '}
      <a href={href}>
        <bdi>{batch}</bdi>
      </a>{' '}
      / {isRow ? <a href={`${href}/rows`}>People</a> : null}
      {isRow ? ' /' : null}
    </p>
  );
}
