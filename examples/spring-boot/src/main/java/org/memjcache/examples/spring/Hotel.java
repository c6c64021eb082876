package org.memjcache.examples.spring;

import java.io.Serializable;

/**
 * A hotel as the service returns and caches it.
 *
 * @param id its number, of this tenant's hotels
 * @param name its name
 * @param lookup which of the directory's lookups it comes from: the same again if it was cached
 */
record Hotel(long id, String name, long lookup) implements Serializable {}
