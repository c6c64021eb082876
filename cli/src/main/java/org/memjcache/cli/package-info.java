/**
 * The command line for those who operate memcached servers with MemJCache: {@link
 * org.memjcache.cli.Main}.
 */
@NullMarked
package org.memjcache.cli;

import org.jspecify.annotations.NullMarked;
