/** The commands, one class each. */
@NullMarked
package org.memjcache.cli.command;

import org.jspecify.annotations.NullMarked;
