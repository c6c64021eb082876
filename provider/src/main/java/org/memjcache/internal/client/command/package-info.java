/**
 * memcached's commands, one class each: the bytes of the request and how its response is read, as
 * {@code doc/protocol.txt} of memcached has them.
 */
@NullMarked
package org.memjcache.internal.client.command;

import org.jspecify.annotations.NullMarked;
