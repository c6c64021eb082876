/**
 * What a cache is told by URI, properties file and code, it does; what is wrong is refused at once.
 */
@NullMarked
package org.memjcache.configuration;

import org.jspecify.annotations.NullMarked;
