import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  NavLink,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useClipboard, useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconKeyboard, IconLink, IconMoon, IconSun } from '@tabler/icons-react';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { keepScope } from '../scope/search.ts';
import { useScope, useSearchState } from '../scope/use-scope.ts';
import { WriteDialogs } from '../writes/write-dialogs.tsx';
import { pages } from './pages.ts';
import { Shortcuts } from './shortcuts.tsx';
import { SignIn } from './sign-in.tsx';
import { StatusLine } from './status-line.tsx';

/** What surrounds every page: the menu, the status line and the dialogs. */
export function Shell() {
  const [isMenuOpen, menu] = useDisclosure(false);
  const [areShortcutsOpen, shortcuts] = useDisclosure(false);
  const navigate = useNavigate();
  const [search] = useSearchState();
  useHotkeys([
    ['?', shortcuts.open],
    ['shift+?', shortcuts.open],
    ...pages.map(({ to }, n): [string, () => void] => [
      `alt+${n + 1}`,
      () => void navigate({ to, search: keepScope(search) }),
    ]),
  ]);
  const title = useTitle();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isMenuOpen } }}
      padding="md"
    >
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <AppShell.Header className="header">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isMenuOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
              aria-expanded={isMenuOpen}
            />
            <img src="/icon.svg" alt="" width={28} height={28} />
            <Text fw={700}>Questline</Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            <CopyLink />
            <ColorScheme />
            <Tooltip label="Keyboard shortcuts (?)">
              <ActionIcon
                variant="subtle"
                color="gray"
                visibleFrom="xs"
                aria-label="Keyboard shortcuts"
                onClick={shortcuts.open}
              >
                <IconKeyboard size={20} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <Menu onChoose={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <StatusLine />
        <WriteDialogs>
          <Outlet />
        </WriteDialogs>
        <div role="status" className="visually-hidden">
          {title}
        </div>
      </AppShell.Main>
      <Shortcuts isOpen={areShortcutsOpen} onClose={shortcuts.close} />
      <SignIn />
    </AppShell>
  );
}

function Menu({ onChoose }: { readonly onChoose: () => void }) {
  const [search] = useSearchState();
  const { pathname } = useLocation();
  return pages.map(({ to, title, icon: Icon }) => (
    <NavLink
      key={to}
      component={Link}
      to={to}
      search={keepScope(search) as never}
      label={title}
      leftSection={<Icon size={18} aria-hidden />}
      active={pathname === to}
      aria-current={pathname === to ? 'page' : undefined}
      onClick={onChoose}
    />
  ));
}

/** The name of the page, which is also the document's title. */
function useTitle(): string {
  const { pathname } = useLocation();
  const title =
    pages.find(({ to }) => to === pathname)?.title ?? decodeURIComponent(pathname.split('/').at(-1) ?? '');
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} · Questline`;
    if (!isFirst.current) document.getElementById('main')?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [title]);
  return title;
}

/** Copies a link that shows these very days to whoever opens it, also when newer ones are published by then. */
function CopyLink() {
  const resolved = useScope();
  const { copy, copied } = useClipboard();
  const link = () => {
    const url = new URL(location.href);
    if (resolved?.scope != null) {
      for (const key of ['range', 'incomplete']) url.searchParams.delete(key);
      url.searchParams.set('from', resolved.scope.from);
      url.searchParams.set('to', resolved.scope.to);
    }
    return url.href;
  };
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconLink size={16} aria-hidden />}
      onClick={() => copy(link())}
    >
      <span aria-live="polite">{copied ? 'Copied' : 'Copy link'}</span>
    </Button>
  );
}

function ColorScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  const label = isDark ? 'Light colours' : 'Dark colours';
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? <IconSun size={20} aria-hidden /> : <IconMoon size={20} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}
