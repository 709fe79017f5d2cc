/** Where a package is found from a place in the tree, as Node looks for it. */
function found(packages, from, name) {
  for (let at = from; ; ) {
    const here = `${at === '' ? '' : `${at}/`}node_modules/${name}`
    if (packages[here]) return true
    if (at === '') return false
    const up = at.lastIndexOf('node_modules/')
    at = up <= 0 ? '' : at.slice(0, up - 1)
  }
}

/** Optional packages that a lock file's own packages name and that it does not have. `packages` is the part of that name. */
export function missingOptional(packages) {
  return Object.entries(packages).flatMap(([path, parent]) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => !found(packages, path, name))
      .map(([name, spec]) => ({ parent, name, spec })),
  )
}
