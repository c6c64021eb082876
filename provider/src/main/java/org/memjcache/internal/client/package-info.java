/**
 * The memcached servers as the rest of the provider sees them: a {@link Cluster}, which knows the
 * server of each key, and {@link RoundTrip round trips} to one or more of its servers.
 */
@NullMarked
package org.memjcache.internal.client;

import org.jspecify.annotations.NullMarked;
