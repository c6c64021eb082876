/**
 * Hibernate's second-level cache in memcached: one session factory for an application and all its
 * tenants, each of which can be cleared by one increment.
 *
 * <p>Applications name {@code memjcache} as Hibernate's region factory, and use {@link
 * org.memjcache.hibernate.MemjcacheTenants}.
 */
@NullMarked
package org.memjcache.hibernate;

import org.jspecify.annotations.NullMarked;
