/** The only package that names classes of xmemcached: its reactor, sessions and heartbeats. */
@NullMarked
package org.memjcache.internal.client.connection.xmemcached;

import org.jspecify.annotations.NullMarked;
