/**
 * Who can reach memcached, but not the application, learns no secret, forges no entry, and runs no
 * code.
 */
@NullMarked
package org.memjcache.security;

import org.jspecify.annotations.NullMarked;
