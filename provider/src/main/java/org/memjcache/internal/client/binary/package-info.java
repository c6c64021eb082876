/** The requests of {@code command} in memcached's binary protocol. */
@NullMarked
package org.memjcache.internal.client.binary;

import org.jspecify.annotations.NullMarked;
