/** Channels to servers, plain or by TLS: for one thread that waits, then for many that don't. */
@NullMarked
package org.memjcache.internal.client.channel;

import org.jspecify.annotations.NullMarked;
