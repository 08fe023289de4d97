#!/usr/bin/perl
# inetd in twenty lines: listens on 127.0.0.1:PORT and runs COMMAND for each connection, with the connection as its
# standard input and output. A shell cannot listen by itself; perl-base is on every Debian.
use strict;
use warnings;
use IO::Socket::INET;

my ($port, @command) = @ARGV;
my $listener = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', LocalPort => $port, Proto => 'tcp', Listen => 128, ReuseAddr => 1,
) or die "hello: cannot listen on 127.0.0.1:$port: $!\n";

$SIG{CHLD} = 'IGNORE';
$SIG{TERM} = sub { exit 0 };
while (1) {
    my $connection = $listener->accept or next;
    my $child = fork;
    if (defined $child && $child == 0) {
        $SIG{CHLD} = 'DEFAULT';
        $SIG{TERM} = 'DEFAULT';
        close $listener;
        open STDIN,  '<&', $connection or exit 1;
        open STDOUT, '>&', $connection or exit 1;
        close $connection;
        exec @command;
    }
    close $connection;
}
