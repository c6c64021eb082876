/**
 * What a manager is configured with: its URI, its {@link java.util.Properties} and one table of
 * options for both.
 *
 * <p>Everything wrong in a configuration is an {@link
 * org.memjcache.config.InvalidConfigurationException} whose text names the part, what came and what
 * is accepted. Nothing here connects to a server or resolves a host name.
 *
 * <p>{@link org.memjcache.config.Options} is the table; a new option is one line in it.
 */
@NullMarked
package org.memjcache.config;

import org.jspecify.annotations.NullMarked;
