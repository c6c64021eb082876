/** What commands print: tables, JSON, CSV, and what is said to a person. */
@NullMarked
package org.memjcache.cli.output;

import org.jspecify.annotations.NullMarked;
