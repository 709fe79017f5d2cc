// A worker of the pool that does not come up.
throw new Error('There is no engine.')
