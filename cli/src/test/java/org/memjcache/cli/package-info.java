/** The command line on real memcached. */
@NullMarked
package org.memjcache.cli;

import org.jspecify.annotations.NullMarked;
