/** The servers, as the options name them, and what the provider knows of keys and values. */
@NullMarked
package org.memjcache.cli.connection;

import org.jspecify.annotations.NullMarked;
