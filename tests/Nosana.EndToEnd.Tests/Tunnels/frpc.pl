#!/usr/bin/perl
# Stands in for the network's image of the tunnel client: reads what that is given, and speaks with the stand-in of the network's ingress.
# What it was given and what happens to it is in its output.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

$| = 1;
$SIG{CHLD} = 'IGNORE';
my $over = 0;
$SIG{TERM} = sub { print "SIGTERM\n"; $over = 1 };

my $server = "$ENV{FRP_SERVER_ADDR}:$ENV{FRP_SERVER_PORT}";
my $proxies = $ENV{FRP_PROXIES};
my %proxy;
while ($proxies =~ /(\{[^{}]*\})/g) {
    my ($item, %field) = ($1);
    $field{$1} = $2 while $item =~ /"(\w+)":"([^"]*)"/g;
    $proxy{$field{name}} = \%field;
}
print "arguments @ARGV\n";
print "$_=" . ($ENV{$_} // '') . "\n" for qw(NOSANA_ID JOB_ID DEPLOYMENT_ID FRP_LB_GROUP_KEY FRP_PROXIES);

until ($over) {
    my $control = IO::Socket::INET->new(PeerAddr => $server, Timeout => 5);
    unless ($control) {
        print "no server: $@\n";
        sleep 1;
        next;
    }
    my ($job, $deployment) = map { $ENV{$_} // '' } qw(JOB_ID DEPLOYMENT_ID);
    syswrite $control, qq({"jobId":"$job","deploymentId":"$deployment","proxies":$proxies}\n);
    print "registered $_\n" for sort keys %proxy;
    serve($control);
    if ($over) {
        syswrite $control, "goodbye\n";
        print "goodbye\n";
    }
}

sub serve {
    my ($control) = @_;
    my ($select, $said, %healthy) = (IO::Select->new($control), '');
    my $due = 0;
    until ($over) {
        if (time >= $due) {
            $due = time + 1;
            for my $name (grep { $proxy{$_}{deploymentHealthCheckPath} } keys %proxy) {
                my $now = is_healthy($proxy{$name}) ? 'up' : 'down';
                syswrite $control, "health $name-dp $now\n" if $now ne ($healthy{$name} // 'up');
                $healthy{$name} = $now;
            }
        }
        next unless $select->can_read(0.3);
        return unless sysread $control, $said, 4096, length $said;
        while ($said =~ s/^(.*)\n//) {
            my ($verb, $id, $name) = split ' ', $1;
            next unless $verb eq 'work' && $proxy{$name =~ s/-dp$//r};
            my $child = fork // die "fork: $!";
            next if $child;
            $SIG{TERM} = 'DEFAULT';
            work($id, $proxy{$name =~ s/-dp$//r});
            exit 0;
        }
    }
}

sub is_healthy {
    my ($item) = @_;
    my $local = IO::Socket::INET->new(PeerAddr => "$item->{localIp}:$item->{localPorts}", Timeout => 1) or return 0;
    syswrite $local, "GET $item->{deploymentHealthCheckPath} HTTP/1.1\r\nHost: $item->{localIp}:$item->{localPorts}\r\nConnection: close\r\n\r\n";
    return 0 unless IO::Select->new($local)->can_read(1);
    my $answer = '';
    sysread $local, $answer, 64;
    return $answer =~ m{^HTTP/1\.1 200 };
}

sub work {
    my ($id, $item) = @_;
    my $remote = IO::Socket::INET->new(PeerAddr => $server, Timeout => 5) or return;
    my $local = IO::Socket::INET->new(PeerAddr => "$item->{localIp}:$item->{localPorts}", Timeout => 5) or return;
    syswrite $remote, "conn $id\n";
    my ($select, %other) = (IO::Select->new($remote, $local), $remote => $local, $local => $remote);
    while ($select->count) {
        for my $from ($select->can_read) {
            my $to = $other{$from};
            if (sysread $from, my $bytes, 65536) {
                my $at = 0;
                while ($at < length $bytes) {
                    my $done = syswrite($to, $bytes, length($bytes) - $at, $at) // return;
                    $at += $done;
                }
            }
            else {
                $select->remove($from);
                shutdown $to, 1;
            }
        }
    }
}
