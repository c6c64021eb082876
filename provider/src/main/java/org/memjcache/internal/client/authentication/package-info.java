/** What is said first on a connection: whether a memcached is there, and who is asking. */
@NullMarked
package org.memjcache.internal.client.authentication;

import org.jspecify.annotations.NullMarked;
