#!/usr/bin/perl
# Sends syslog lines over one TCP connection to loopback, ended by LF, and says how it went: one line of JSON.
# usage: send-tcp.pl PORT FILE RATE SECONDS      FILE: 2-byte big-endian length + line, repeated; RATE: lines/s, 0: as
# fast as the receiver takes them. A receiver that is slower holds the sender back: then "sent" is less than RATE * SECONDS.
use strict;
use warnings;
use Socket;
use Time::HiRes qw(time sleep);

my ($port, $file, $rate, $seconds) = @ARGV;
socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
connect($socket, sockaddr_in($port, inet_aton('127.0.0.1'))) or die "connect: $!";

open(my $in, '<:raw', $file) or die "$file: $!";
my @lines;
while (read($in, my $length, 2)) {
  read($in, my $line, unpack('n', $length));
  push @lines, "$line\n";
}
close($in);

# Joined once: the sender must not be what limits.
my $block_lines = 64;
my @blocks;
for (my $i = 0; $i + $block_lines <= @lines; $i += $block_lines) {
  push @blocks, join('', @lines[$i .. $i + $block_lines - 1]);
}

my ($sent, $next) = (0, 0);
my $began = time;
while (1) {
  my $elapsed = time - $began;
  last if $elapsed >= $seconds;
  if ($rate > 0 && $sent >= $elapsed * $rate) { sleep(0.0005); next; }
  my $block = $blocks[$next];
  $next = 0 if ++$next == @blocks;
  my $at = 0;
  while ($at < length $block) {
    my $written = syswrite($socket, $block, length($block) - $at, $at);
    die "write: $!" unless defined $written;
    $at += $written;
  }
  $sent += $block_lines;
}
my $elapsed = time - $began;
shutdown($socket, 1);
# The receiver closes when it has read everything.
sysread($socket, my $rest, 1);
my ($user, $system) = times;
printf("{\"sent\":%d,\"failed\":0,\"seconds\":%.3f,\"cpu\":%.3f}\n", $sent, $elapsed, $user + $system);
